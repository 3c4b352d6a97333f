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
  organisation_id: string | null;
  state: "invited" | "ready" | "disabled";
  disabled: boolean;
  second_factor: boolean;
}

/** `link` is there once: it leads its owner to choosing a password. */
export interface Invited extends Staff {
  link: string | null;
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
export const createStaff = (account: NewStaff, key: string) => http.post<Invited>("/api/staff", account, { idempotencyKey: key });
export const changeStaff = (id: string, change: { disabled?: boolean; name?: string; roles?: Role[] }) => http.patch<Staff>(`/api/staff/${id}`, change);
export const resetStaff = (id: string) => http.post<Invited>(`/api/staff/${id}/reset`);

/** By what somebody types, in name, username or the roles' words; the disabled last. */
export function listed(staff: readonly Staff[], text: string, word: (role: Role) => string): Staff[] {
  const wanted = text.trim().toLowerCase();
  return staff
    .filter((account) => wanted === "" || `${account.name} ${account.username} ${account.roles.map(word).join(" ")}`.toLowerCase().includes(wanted))
    .sort((a, b) => Number(a.disabled) - Number(b.disabled) || a.username.localeCompare(b.username));
}
