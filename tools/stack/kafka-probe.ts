import { connect } from 'node:net';

const metadataApi = 3;
const metadataVersion = 5;
const correlationId = 7;

/** A Metadata request (version 5) that names no topics: only the list of brokers is of interest. */
function metadataRequest(): Buffer {
  const clientId = Buffer.from('watertight-probe');
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + clientId.length + 4 + 1);
  let at = request.writeInt32BE(request.length - 4, 0);
  at = request.writeInt16BE(metadataApi, at);
  at = request.writeInt16BE(metadataVersion, at);
  at = request.writeInt32BE(correlationId, at);
  at = request.writeInt16BE(clientId.length, at);
  at += clientId.copy(request, at);
  at = request.writeInt32BE(0, at);
  request.writeInt8(0, at);
  return request;
}

/** How many brokers the answer lists; undefined while it is incomplete. */
function brokersIn(answer: Buffer): number | undefined {
  const header = 4 + 4 + 4;
  if (answer.length < header + 4) return undefined;
  // Something else than Kafka answers there.
  if (answer.readInt32BE(4) !== correlationId) return 0;
  return answer.readInt32BE(header);
}

/**
 * True when a broker at `address` (host:port, no TLS) answers and lists at least one broker as alive: only then
 * can it take records. A port that merely accepts connections is not enough.
 */
export function isKafkaReady(address: string, timeoutMs: number): Promise<boolean> {
  const [host = '127.0.0.1', port = '9092'] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    const finish = (result: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    let answer = Buffer.alloc(0);
    socket.once('connect', () => socket.write(metadataRequest()));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      const brokers = brokersIn(answer);
      if (brokers !== undefined) finish(brokers > 0);
    });
  });
}
