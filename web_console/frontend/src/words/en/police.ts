import type { WordsOf } from "../areas";

const words: WordsOf<"police"> = {
  title: "Police desk",
  nothing: "Nothing has been handed over",
  nothing_body: "When a dispatcher hands an alert over, it shows here and rings. Keep this page open.",
  minimum: "Only what is needed to go there. No conversation is shown.",
  new: "New",
  going: "Under way",
  ended: "Ended today",
  accept: "Accept and go",
  decline: "Give it back…",
  decline_title: "Give it back to the dispatcher",
  decline_body: "The dispatcher is told at once and sends somebody else.",
  handed_by: "handed over by",
};

export default words;
