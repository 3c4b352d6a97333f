import { http } from "../wire/http";
import type { Followup } from "./followups";
import { learn } from "./store";

export type FollowupMove =
  | { move: "take" }
  | { move: "attempt"; outcome: "reached" | "no_answer" | "refused"; note?: string }
  | { move: "done"; note?: string }
  | { move: "reschedule"; due_at: string; reason: string }
  | { move: "cancel"; reason: string };

/** My phone rings, then the person's. The answer is the contact to go to. */
export async function callBack(followup: Followup): Promise<string> {
  const begun = await http.post<{ followup: Followup; contact_id: string }>(`/api/followups/${followup.id}/call`, { version: followup.version });
  learn("followup", begun.followup);
  return begun.contact_id;
}

export const moveFollowup = async (followup: Followup, { move, ...facts }: FollowupMove): Promise<Followup> =>
  learn("followup", await http.post<Followup>(`/api/followups/${followup.id}/${move}`, { version: followup.version, ...facts }));
