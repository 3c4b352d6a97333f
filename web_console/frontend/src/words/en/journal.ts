import type { WordsOf } from "../areas";

const words: WordsOf<"journal"> = {
  title: "Journal",
  intro: "Who did what to which thing, and when. Nothing that anybody said stands in it.",
  subject: "Id of the thing",
  subject_help: "for example con_… (contact), alr_… (alert), ref_… (referral)",
  find: "Find",
  clear: "Show all",
  none: "No entries",
  none_body: "There is nothing under this id. Please check it.",
  column_at: "When",
  column_actor: "Who",
  column_kind: "What",
  column_subject: "Of which thing",
  column_facts: "Facts",
  state_after: "State after it",
  more: "Earlier entries",
  only: "This thing only",
  actor_machine: "the system",
};

export default words;
