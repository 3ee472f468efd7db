import type { Socket } from 'node:net';

/** Of all headers of a request, in bytes. */
export const largestHeaders = 16_384;

/** Invalid HTTP, and requests that are too long or too slow, get a status too if the connection is still open. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.destroyed) {
    socket.destroy();
    return;
  }
  const [status, text] = refusalOf(error.code);
  const body = JSON.stringify({
    error: text,
    code: status === '408 Request Timeout' ? 'TIMED_OUT' : 'INVALID_ARGUMENT',
  });
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  socket.end(head + body, () => socket.destroy());
}

function refusalOf(code: string | undefined): [status: string, text: string] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return ['431 Request Header Fields Too Large', `Expected headers of at most ${largestHeaders} bytes`];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['408 Request Timeout', 'The request did not arrive in time'];
    default:
      return ['400 Bad Request', 'Expected a request of HTTP/1.1'];
  }
}
