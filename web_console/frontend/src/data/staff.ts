import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import type { Role } from "./people";

export const ROLES: readonly Role[] = ["counselor", "supervisor", "dispatcher", "crisis_team", "police", "school", "referral_worker", "rehabilitation", "auditor", "admin"];

/** An account. */
export type Staff = Schemas["StaffView"];
/** `link` is there once: it leads its owner to choosing a password. */
export type Invited = Schemas["InvitedView"];
export type NewStaff = Schemas["NewAccount"];

export const fetchStaff = () => http.get<{ items: Staff[] }>("/api/staff");
export const createStaff = (account: NewStaff, key: string) => http.post<Invited>("/api/staff", account, { idempotencyKey: key });
export const changeStaff = (id: string, change: { disabled?: boolean; name?: string; roles?: Role[]; district?: string; organisation_id?: string }) => http.patch<Staff>(`/api/staff/${id}`, change);
export const setStaffSkills = (id: string, skills: Readonly<Record<string, number>>) => http.put<Staff>(`/api/staff/${id}/skills`, { skills });
/** A school, institution, crisis team or police desk that an account may belong to. */
export type Organisation = Schemas["OrganisationView"];

export const fetchOrganisations = () => http.get<{ items: Organisation[] }>("/api/organisations");
export const fetchPlaces = () => http.get<{ items: Schemas["PlacesView"][] }>("/api/districts");

/** The kinds of organisations that accounts of these roles belong to; none: the account belongs to the service itself. */
export const kindsOf = (roles: readonly Role[]): Organisation["kind"][] =>
  roles.flatMap((role) => (role === "school" ? ["school"] : role === "rehabilitation" ? ["institution"] : role === "crisis_team" ? ["crisis_team"] : role === "police" ? ["police_desk"] : []));

export const resetStaff = (id: string) => http.post<Invited>(`/api/staff/${id}/reset`);

/** By what somebody types, in name, username or the roles' words; the disabled last. */
export function listed(staff: readonly Staff[], text: string, word: (role: Role) => string): Staff[] {
  const wanted = text.trim().toLowerCase();
  return staff
    .filter((account) => wanted === "" || `${account.name} ${account.username} ${account.roles.map(word).join(" ")}`.toLowerCase().includes(wanted))
    .sort((a, b) => Number(a.disabled) - Number(b.disabled) || a.username.localeCompare(b.username));
}
