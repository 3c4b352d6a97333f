import { Problem, problemOf } from "./problem";
import { noteServerTime } from "./serverClock";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

interface Options {
  /** A help-seeker's token; staff use the session cookie instead. */
  token?: string;
  /** Makes a creating POST safe to repeat. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** The request outlives the page (leaving quickly). */
  keepalive?: boolean;
}

let csrf: string | null = null;
let signedOut: () => void = () => undefined;

/** The token that unsafe methods carry; it comes with the session and lives in memory only. */
export function setCsrf(token: string | null): void {
  csrf = token;
}

/** Called when the server no longer knows the session. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

function headersFor(method: Method, body: unknown, options: Options): Headers {
  const headers = new Headers({ Accept: "application/json" });
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (csrf && method !== "GET") headers.set("X-CSRF-Token", csrf);
  if (options.token) headers.set("Authorization", `Bearer ${options.token}`);
  if (options.idempotencyKey) headers.set("Idempotency-Key", options.idempotencyKey);
  return headers;
}

async function send(method: Method, path: string, body: unknown, options: Options): Promise<Response> {
  const init: RequestInit = { method, headers: headersFor(method, body, options), credentials: "same-origin" };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (options.signal) init.signal = options.signal;
  if (options.keepalive) init.keepalive = true;
  const sentAt = Date.now();
  try {
    const response = await fetch(path, init);
    noteServerTime(response.headers.get("Date"), sentAt);
    return response;
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new Problem(0, "offline", "");
  }
}

/** One request to `/api`; the JSON answer, or a thrown `Problem`. */
export async function request<T>(method: Method, path: string, body?: unknown, options: Options = {}): Promise<T> {
  const response = await send(method, path, body, options);
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.code === "not_signed_in") signedOut();
    throw problem;
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

async function answered(response: Response): Promise<Response> {
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.code === "not_signed_in") signedOut();
  throw problem;
}

/** A file as the body itself, and the JSON answer. */
export async function uploaded<T>(path: string, file: Blob): Promise<T> {
  const headers = headersFor("PUT", undefined, {});
  headers.set("Content-Type", "application/octet-stream");
  const sent = fetch(path, { method: "PUT", headers, body: file, credentials: "same-origin" });
  const response = await sent.catch(() => Promise.reject(new Problem(0, "offline", "")));
  return (await (await answered(response)).json()) as T;
}

export const http = {
  get: <T>(path: string, options?: Options) => request<T>("GET", path, undefined, options),
  post: <T>(path: string, body: unknown = {}, options?: Options) => request<T>("POST", path, body, options),
  put: <T>(path: string, body: unknown, options?: Options) => request<T>("PUT", path, body, options),
  patch: <T>(path: string, body: unknown, options?: Options) => request<T>("PATCH", path, body, options),
  delete: <T>(path: string, options?: Options) => request<T>("DELETE", path, undefined, options),
};
