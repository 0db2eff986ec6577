/** A control call that asks for something the sandbox cannot do. */
export class ControlRefusal extends Error {
  constructor(
    readonly status: 400 | 404 | 409,
    message: string,
  ) {
    super(message);
  }
}
