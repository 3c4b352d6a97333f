/** A refusal of the server (RFC 9457 problem+json), or the network's: `status` 0, `code` "offline". */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields: readonly FieldProblem[] = [],
    /** Seconds to wait before trying again, where the server said so (429). */
    readonly retryAfter: number | null = null,
  ) {
    super(detail || code);
    this.name = "Problem";
  }
}

export interface FieldProblem {
  path: string;
  problem: string;
}

/** What the server's answer says, or a plain stand-in where a proxy answered with something else. */
export async function problemOf(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get("Retry-After"));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : null;
  try {
    const body = (await response.json()) as { code?: string; detail?: string; title?: string; fields?: FieldProblem[] };
    return new Problem(response.status, body.code ?? "failed", body.detail ?? body.title ?? "", body.fields ?? [], retryAfter);
  } catch {
    return new Problem(response.status, "failed", "", [], retryAfter);
  }
}
