// The socket to a call's helper, opened only where the other end proves that it is that helper.

// Time for a way to prove itself before the next one is tried.
const LIMIT = 1000;
// The helper's close code for a page whose call another page has taken over.
export const TAKEN = 4000;
// Bytes that may wait in the socket (five seconds); beyond them frames are lost, and counted.
export const BACKLOG = 5000 * 24 * 2;

/**
 * A socket whose other end has proved that it is the helper which the kernel spoke of. On a "loopback" page the
 * kernel may be elsewhere (a container, a tunnel), and then another program may sit on this port.
 * @param {string} address
 * @param {{ secret?: string, nonce?: string, proof?: string }} way
 * @returns {Promise<WebSocket>}
 */
export function openSocket(address, { secret, nonce, proof }) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    /** @param {string} reason */
    const fail = (reason) => {
      clearTimeout(timer);
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      socket.close();
      reject(new Error(reason));
    };
    const timer = setTimeout(() => fail(`no answer within ${LIMIT / 1000} s`), LIMIT);
    socket.onerror = () => fail("refused");
    socket.onclose = () => fail("closed");
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", secret, nonce }));
    socket.onmessage = ({ data }) => {
      const message = typeof data === "string" ? JSON.parse(data) : {};
      if (message.type !== "welcome" || message.nonce !== proof) return fail("somebody else answers there");
      clearTimeout(timer);
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      resolve(socket);
    };
  });
}
