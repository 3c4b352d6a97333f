/** Somebody of the staff, as projections name them. */
export interface Named {
  id: string;
  name: string;
}

export type Role =
  | "counselor"
  | "supervisor"
  | "dispatcher"
  | "crisis_team"
  | "police"
  | "school"
  | "referral_worker"
  | "rehabilitation"
  | "auditor"
  | "admin";

export interface User extends Named {
  username: string;
  roles: Role[];
  permissions: string[];
  district: string | null;
  /** The school, institution or team of this person. */
  organisation_id?: string | null;
  language: "zh" | "en" | null;
}
