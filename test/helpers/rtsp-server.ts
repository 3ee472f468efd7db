import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const description = [
  'v=0',
  'o=- 0 0 IN IP4 127.0.0.1',
  's=test',
  't=0 0',
  'm=video 0 RTP/AVP 26',
  'a=control:track',
  '',
];

/**
 * An RTSP server that plays ffmpeg's test picture, 64×48 at 25 frames per second, over the connection itself. It knows the
 * path `/live` only.
 */
export class RtspServer {
  /** How often a client has started to play. */
  plays = 0;
  readonly #clients = new Set<Client>();
  readonly #server: Server = createServer((socket) => this.#clients.add(new Client(socket, () => this.plays++)));

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get authority(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Closes the connections of all clients. */
  cut(): void {
    for (const client of this.#clients) client.end();
    this.#clients.clear();
  }

  /** Sends no more frames, but keeps the connections. */
  stall(): void {
    for (const client of this.#clients) client.stall();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

class Client {
  #text = '';
  #camera: ChildProcess | undefined;
  #packets: UdpSocket | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly onPlay: () => void,
  ) {
    socket.on('error', () => this.end());
    socket.on('close', () => this.end());
    socket.on('data', (bytes) => this.#read(bytes.toString('latin1')));
  }

  end(): void {
    this.stall();
    this.socket.destroy();
  }

  stall(): void {
    this.#camera?.kill('SIGKILL');
    this.#camera = undefined;
    this.#packets?.close();
    this.#packets = undefined;
  }

  #read(text: string): void {
    this.#text += text;
    for (let end = this.#text.indexOf('\r\n\r\n'); end >= 0; end = this.#text.indexOf('\r\n\r\n')) {
      // Reports of the client come in between, framed by `$`.
      const request = /([A-Z_]+) (rtsp:\S+) RTSP[\s\S]*$/.exec(this.#text.slice(0, end));
      this.#text = this.#text.slice(end + 4);
      if (request !== null) this.#answer(request[1] as string, request[2] as string, request[0]);
    }
  }

  #answer(method: string, url: string, request: string): void {
    const number = /CSeq: *(\d+)/i.exec(request)?.[1] ?? '0';
    const body = method === 'DESCRIBE' ? description.join('\r\n') : '';
    const known = new URL(url).pathname.startsWith('/live');
    const lines = [known ? 'RTSP/1.0 200 OK' : 'RTSP/1.0 404 Not Found', `CSeq: ${number}`, 'Session: 1'];
    if (method === 'OPTIONS') lines.push('Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN');
    if (method === 'SETUP') lines.push('Transport: RTP/AVP/TCP;unicast;interleaved=0-1');
    if (known && body !== '') lines.push('Content-Type: application/sdp', `Content-Length: ${body.length}`);
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n${known ? body : ''}`);
    if (method === 'PLAY') void this.#play();
    if (method === 'TEARDOWN') this.end();
  }

  async #play(): Promise<void> {
    const packets = createSocket('udp4');
    this.#packets = packets;
    packets.on('message', (packet) => this.#send(packet));
    packets.bind(0, '127.0.0.1');
    await once(packets, 'listening');
    const { port } = packets.address();
    const picture = [
      '-re',
      '-f',
      'lavfi',
      '-i',
      'testsrc=size=64x48:rate=25',
      '-pix_fmt',
      'yuvj420p',
      '-c:v',
      'mjpeg',
      '-huffman',
      'default',
    ];
    const target = `rtp://127.0.0.1:${port}?rtcpport=${port}`;
    this.#camera = spawn('ffmpeg', ['-v', 'error', ...picture, '-f', 'rtp', target], { stdio: 'ignore' });
    this.onPlay();
  }

  #send(packet: Buffer): void {
    const isReport = (packet[1] ?? 0) >= 200 && (packet[1] ?? 0) <= 204;
    const head = Buffer.from([0x24, isReport ? 1 : 0, packet.length >> 8, packet.length & 255]);
    if (!this.socket.destroyed) this.socket.write(Buffer.concat([head, packet]));
  }
}
