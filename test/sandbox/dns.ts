import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A name server with TXT records; the caller closes it. */
export interface NameServer {
  /** `127.0.0.1:PORT`, as a resolver is told it. */
  readonly address: string;
  /** The records of each name, changed in place; a name that is not in here does not exist. */
  readonly records: Map<string, readonly string[]>;
  close(): Promise<void>;
}

const TXT = 16;
const INTERNET = 1;
const NO_SUCH_NAME = 3;

/** Answers questions for TXT records (RFC 1035, 4) over UDP. */
export async function startNameServer(): Promise<NameServer> {
  const records = new Map<string, readonly string[]>();
  const socket = createSocket('udp4');
  socket.on('message', (message, { address, port }) => {
    const { name, end } = readName(message, 12);
    const question = message.subarray(12, end + 4);
    const found = records.get(name.toLowerCase());
    const isAsked = message.readUInt16BE(end) === TXT;
    const answers = isAsked ? (found ?? []).map(txtAnswer) : [];
    const header = Buffer.alloc(12);
    message.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8580 | (found === undefined ? NO_SUCH_NAME : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([header, question, ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    records,
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

/** A name as labels with their lengths (RFC 1035, 3.1), and where it ends. */
function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.'), end: at + 1 };
}

/** A record at the name of the question, in parts of 255 bytes at most (RFC 1035, 3.3.14). */
function txtAnswer(text: string): Buffer {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += 255) {
    const part = bytes.subarray(at, at + 255);
    parts.push(Buffer.from([part.length]), part);
  }
  const data = Buffer.concat(parts);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // The question's name.
  head.writeUInt16BE(TXT, 2);
  head.writeUInt16BE(INTERNET, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
