/** One's own account: the password, and the second factor. */
import { http } from "../wire/http";
import { Problem } from "../wire/problem";
import type { Schemas } from "../wire/schema";
import { useSession } from "./session";

export type SecondFactor = Schemas["SecondFactorView"];

/** All other sessions of the account end. */
export const changePassword = (current: string, password: string): Promise<void> =>
  http.put<void>("/api/me/password", { current, password }).catch(refusedAs("weak_password"));

/** A new secret for an authenticator app; it holds once its first code was confirmed. */
export const beginSecondFactor = (password: string): Promise<SecondFactor> => http.post("/api/me/second-factor", { password });

export async function confirmSecondFactor(code: string): Promise<void> {
  await http.post("/api/me/second-factor/confirm", { code }).catch(refusedAs("wrong_code"));
  hasSecondFactor(true);
}

export async function dropSecondFactor(password: string): Promise<void> {
  await http.post("/api/me/second-factor/drop", { password });
  hasSecondFactor(false);
}

/** These forms have one field that the server can find wrong: said by its name. */
function refusedAs(code: string) {
  return (error: unknown): never => {
    throw error instanceof Problem && error.code === "invalid" ? new Problem(error.status, code, error.detail) : error;
  };
}

const hasSecondFactor = (has: boolean) => useSession.setState(({ user }) => (user ? { user: { ...user, second_factor: has } } : {}));

/** In groups of four: so that somebody can type it. */
export const grouped = (secret: string): string => secret.match(/.{1,4}/g)?.join(" ") ?? secret;
