import { http } from "../wire/http";
import type { Role } from "./people";

export const ROLES: readonly Role[] = ["counselor", "supervisor", "dispatcher", "crisis_team", "police", "school", "referral_worker", "rehabilitation", "auditor", "admin"];

/** An account. */
export interface Staff {
  id: string;
  username: string;
  name: string;
  roles: Role[];
  district: string | null;
  disabled: boolean;
  [more: string]: unknown;
}

export interface NewStaff {
  username: string;
  name: string;
  roles: Role[];
  district?: string;
  organisation_id?: string;
  password?: string;
}

export const fetchStaff = () => http.get<{ items: Staff[] }>("/api/staff");
export const createStaff = (account: NewStaff, key: string) => http.post<Record<string, unknown>>("/api/staff", account, { idempotencyKey: key });
export const changeStaff = (id: string, change: { disabled?: boolean; name?: string; roles?: Role[] }) => http.patch<Staff>(`/api/staff/${id}`, change);
export const resetStaff = (id: string) => http.post<Record<string, unknown>>(`/api/staff/${id}/reset`);

/** By what somebody types, in name, username or role; the disabled last. */
export function listed(staff: readonly Staff[], text: string): Staff[] {
  const wanted = text.trim().toLowerCase();
  return staff
    .filter((account) => wanted === "" || `${account.name} ${account.username} ${account.roles.join(" ")}`.toLowerCase().includes(wanted))
    .sort((a, b) => Number(a.disabled) - Number(b.disabled) || a.username.localeCompare(b.username));
}

/** The one-time link in the answer of creating or resetting, wherever the server puts its path. */
export function linkIn(answer: Record<string, unknown>): string | null {
  const link = answer["link"] ?? answer["setup_link"] ?? answer["setup_url"] ?? answer["url"];
  return typeof link === "string" ? link : null;
}
