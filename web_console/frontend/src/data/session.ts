import { create } from "zustand";
import { http, onSignedOut, setCsrf } from "../wire/http";
import { Problem } from "../wire/problem";
import type { Role, User } from "./people";

interface Session {
  /** `undefined` until the server was asked. */
  user: User | null | undefined;
  /** The server did not answer the first question. */
  unreachable: boolean;
  /** The session has run out while the console is open. What is open stays open: a held chat must not end by it. */
  expired: boolean;
}

/** Called when whoever sits here goes: signed out, or another person signs in over their open console. */
export const onLeaving = (listener: () => void): (() => void) =>
  useSession.subscribe(({ user }, before) => {
    if (before.user && before.user.id !== user?.id) listener();
  });

/** The page has only the HttpOnly cookie; the token of the sign-in answer is dropped, the CSRF token stays in memory. */
export const useSession = create<Session>(() => ({ user: undefined, unreachable: false, expired: false }));

onSignedOut(() => useSession.setState(({ user }) => (user ? { expired: true } : { user: null })));

export async function resumeSession(): Promise<void> {
  try {
    const { user, csrf } = await http.get<{ user: User; csrf: string }>("/api/me");
    setCsrf(csrf);
    useSession.setState({ user, unreachable: false, expired: false });
  } catch (error) {
    const refused = error instanceof Problem && error.status === 401;
    useSession.setState(({ user }) => (refused ? (user ? { expired: true } : { user: null, unreachable: false }) : { unreachable: true }));
  }
}

export async function signIn(username: string, password: string, code?: string): Promise<void> {
  const answer = await http.post<{ user: User; csrf: string }>("/api/session", { username, password, ...(code ? { code } : {}) });
  setCsrf(answer.csrf);
  useSession.setState({ user: answer.user, unreachable: false, expired: false });
}

export async function signOut(): Promise<void> {
  try {
    await http.delete("/api/session");
  } catch (error) {
    // Already signed out is signed out.
    if (!(error instanceof Problem && error.status === 401)) throw error;
  }
  setCsrf(null);
  useSession.setState({ user: null, expired: false });
}

/** Whoever renders below the sign-in has a user. */
export function useUser(): User {
  const user = useSession((session) => session.user);
  if (!user) throw new Error("rendered outside the session");
  return user;
}

export const hasRole = (user: User, ...roles: Role[]): boolean => roles.some((role) => user.roles.includes(role));
export const may = (user: User, permission: User["permissions"][number]): boolean => user.permissions.includes(permission);

/** Whose desk this is, and in which roles: with others one sees other things, so everything that is known begins anew. */
export const deskOf = ({ id, roles, district, organisation_id }: User): string => JSON.stringify([id, roles, district, organisation_id]);
