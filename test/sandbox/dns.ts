import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A name server for TXT records; the caller closes it. */
export interface NameServer {
  /** `127.0.0.1:PORT`, in the form that resolvers expect. */
  readonly address: string;
  /** TXT records by name, changed in place; any other name does not exist. */
  readonly records: Map<string, readonly string[]>;
  /** Names that are zones, each with this server as its only name server, `ns1.{zone}`. Changed in place. */
  readonly zones: Set<string>;
  /** Names that are another name for one of another server. Changed in place. */
  readonly aliases: Map<string, string>;
  close(): Promise<void>;
}

const A = 1;
const NS = 2;
const CNAME = 5;
const TXT = 16;
const INTERNET = 1;
const NO_SUCH_NAME = 3;

/** Answers queries for TXT records and for the name servers of its zones (RFC 1035, 4), over UDP. */
export async function startNameServer(): Promise<NameServer> {
  const records = new Map<string, readonly string[]>();
  const zones = new Set<string>();
  const aliases = new Map<string, string>();
  const socket = createSocket('udp4');
  socket.on('message', (message, { address, port }) => {
    const { name, end } = readName(message, 12);
    const question = message.subarray(12, end + 4);
    const asked = name.toLowerCase();
    const found = records.get(asked);
    const isServer = asked.startsWith('ns1.') && zones.has(asked.slice('ns1.'.length));
    const type = message.readUInt16BE(end);
    const alias = aliases.get(asked);
    const answers = [
      ...(alias === undefined ? [] : [answerOf(CNAME, encodedName(alias))]),
      ...(type === TXT ? (found ?? []).map(txtAnswer) : []),
      ...(type === NS && zones.has(asked)
        ? [answerOf(NS, Buffer.concat([label('ns1'), Buffer.from([0xc0, 0x0c])]))]
        : []),
      ...(type === A && isServer ? [answerOf(A, Buffer.from([127, 0, 0, 1]))] : []),
    ];
    const isThere = found !== undefined || alias !== undefined || isServer || zones.has(asked);
    const header = Buffer.alloc(12);
    message.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8580 | (isThere ? 0 : NO_SUCH_NAME), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([header, question, ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    records,
    zones,
    aliases,
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

/** Parses a name of length-prefixed labels (RFC 1035, 3.1); returns the name and the position after it. */
function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.'), end: at + 1 };
}

/** A TXT record for the queried name, in strings of at most 255 bytes (RFC 1035, 3.3.14). */
function txtAnswer(text: string): Buffer {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += 255) {
    const part = bytes.subarray(at, at + 255);
    parts.push(Buffer.from([part.length]), part);
  }
  return answerOf(TXT, Buffer.concat(parts));
}

/** A length-prefixed label (RFC 1035, 3.1). */
function label(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
}

function encodedName(name: string): Buffer {
  return Buffer.concat([...name.split('.').map(label), Buffer.from([0])]);
}

/** A resource record for the queried name (RFC 1035, 4.1.3). */
function answerOf(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // Compression pointer to the queried name.
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(INTERNET, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
