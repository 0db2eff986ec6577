// Passes TCP connections on: FORWARD_LISTEN=host:port, FORWARD_TO=host:port.
import { connect, createServer } from 'node:net';

const address = (text) => {
  const [host, port] = text.split(':');
  return { host, port: Number(port) };
};
const to = address(process.env.FORWARD_TO);
const server = createServer((incoming) => {
  const outgoing = connect(to);
  for (const [one, other] of [
    [incoming, outgoing],
    [outgoing, incoming],
  ]) {
    one.pipe(other);
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
});
server.listen(address(process.env.FORWARD_LISTEN));
process.on('SIGTERM', () => process.exit(0));
