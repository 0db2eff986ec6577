/** Where a command tells what it is doing. Lines carry the seconds since the command began. */
export type Progress = (text: string) => void;

export function progressOn(
  stream: NodeJS.WritableStream,
  now: () => number = () => performance.now(),
): Progress {
  const began = now();
  return (text) => {
    const seconds = ((now() - began) / 1000).toFixed(1).padStart(6);
    stream.write(`${seconds} s  ${text}\n`);
  };
}
