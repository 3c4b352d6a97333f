import type { Named } from "./people";

export type ReferralStage =
  | "draft"
  | "submitted"
  | "verifying"
  | "returned"
  | "not_registered"
  | "registered"
  | "referred"
  | "accepted"
  | "declined"
  | "assessing"
  | "unsuitable"
  | "agreement"
  | "in_service"
  | "stage_evaluation"
  | "suspended"
  | "closed"
  | "follow_up"
  | "archived"
  | "withdrawn";

/** Handing somebody over into community rehabilitation, with their consent. */
export interface Referral {
  id: string;
  number: string;
  contact_id: string | null;
  stage: ReferralStage;
  version: number;
  channel: "self" | "medical" | "other";
  stage_since?: string;
  person: { name_masked: string; sex?: string | null; birth_year?: number | null; phone_masked?: string | null; has_guardian?: boolean; [field: string]: unknown };
  needs: string[];
  district: string | null;
  consent: { given: boolean; at: string | null; by: string | null; how: string | null; scope: string[]; receivers: string[]; revoked_at?: string | null };
  institution: Named | null;
  /** A date (working days are the server's business), without a time. */
  due_on: string | null;
  /** Only the limits of the Measures may be shown as laid down by them. */
  due_basis?: "measures" | "project_default" | null;
  due_provisional?: boolean;
  overdue: boolean;
  /** Whose turn it is. */
  owner?: "filer" | "referral_worker" | "institution" | null;
  closing_proposed?: boolean;
  duplicate_of?: string | null;
  visits_done?: number;
  next_moves: { move: string; needs: string[]; who?: string[] }[];
  history: { at: string; actor: Named | null; move: string; from: string | null; to: string; note: string | null }[];
  decline_reason: string | null;
  closure_code: string | null;
  note: string | null;
  risk_note: string | null;
}
