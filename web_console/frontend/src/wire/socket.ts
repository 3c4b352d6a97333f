/**
 * One WebSocket that stays: it says hello first, pings, notices a dead line, and comes back by itself.
 *
 *   closed ──start──▶ connecting ──open──▶ greeting ──welcome──▶ live
 *      ▲                  │  ▲                │                   │
 *      └──stop / refused──┘  └── wait (backoff with jitter) ◀─────┴── line lost
 */
export type LineState = "closed" | "connecting" | "live" | "waiting";

export interface Frame {
  type: string;
  cursor?: string;
  at?: string;
  [key: string]: unknown;
}

export interface LineOptions {
  /** `/ws/chat` or `/ws/console`. */
  path: string;
  /** The first frame, made anew for every connection (it carries the cursor). */
  hello: () => Frame;
  onFrame: (frame: Frame) => void;
  onState?: (state: LineState) => void;
  /** Closed by the server for good (wrong token, signed out). */
  onRefused?: (code: number) => void;
}

/** First wait and longest wait between attempts. Short first: most cuts are a lift or a tunnel. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** Proxies cut idle lines at 60 s, phones sleep sooner; a ping unanswered for this long means the line is dead. */
const PING_MS = 15_000;
const SILENCE_MS = 40_000;
/** Close codes after which coming back makes no sense: 1008 policy, 4401 not signed in, 4403 forbidden. */
const FINAL_CODES = new Set([1008, 4401, 4403]);

/** How long to wait before attempt `n` (from 0), with `chance` in [0, 1): half fixed, half random, so that a restarted
 * server is not met by everybody at once. */
export function backoff(attempt: number, chance: number): number {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return ceiling / 2 + (ceiling / 2) * chance;
}

export class Line {
  state: LineState = "closed";
  private socket: WebSocket | null = null;
  private attempts = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setInterval> | undefined;
  private heardAt = 0;
  private wanted = false;

  constructor(private readonly options: LineOptions) {}

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    window.addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
    this.connect();
  }

  stop(): void {
    this.wanted = false;
    window.removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    clearTimeout(this.retry);
    clearInterval(this.pulse);
    const socket = this.socket;
    this.socket = null;
    socket?.close(1000);
    this.become("closed");
  }

  /** True when the frame went out; false when the line is down (the caller keeps it). */
  send(frame: Frame): boolean {
    if (this.state !== "live" || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.become("connecting");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.options.path}`);
    this.socket = socket;
    socket.onopen = () => {
      this.heardAt = Date.now();
      socket.send(JSON.stringify(this.options.hello()));
      this.keepPulse(socket);
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      if (socket === this.socket) this.hear(event.data);
    };
    socket.onclose = (event) => {
      if (socket === this.socket) this.lost(event.code);
    };
  }

  private hear(data: string): void {
    this.heardAt = Date.now();
    const frame = JSON.parse(data) as Frame;
    if (frame.type === "welcome") {
      this.attempts = 0;
      this.become("live");
    }
    this.options.onFrame(frame);
  }

  private lost(code: number): void {
    clearInterval(this.pulse);
    this.socket = null;
    if (FINAL_CODES.has(code)) {
      this.stop();
      this.options.onRefused?.(code);
      return;
    }
    if (!this.wanted) return;
    this.become("waiting");
    this.retry = setTimeout(() => this.connect(), backoff(this.attempts++, Math.random()));
  }

  private keepPulse(socket: WebSocket): void {
    clearInterval(this.pulse);
    this.pulse = setInterval(() => {
      if (Date.now() - this.heardAt > SILENCE_MS) {
        // A dead line's close event may take minutes to come; do not wait for it.
        socket.close();
        if (socket === this.socket) this.lost(1006);
        return;
      }
      this.send({ type: "ping" });
    }, PING_MS);
  }

  /** The network or the page came back: try now instead of waiting out the backoff. */
  private readonly hurry = (): void => {
    if (this.state === "waiting" && document.visibilityState === "visible") {
      this.attempts = 0;
      this.connect();
    }
  };

  private become(state: LineState): void {
    if (state === this.state) return;
    this.state = state;
    this.options.onState?.(state);
  }
}
