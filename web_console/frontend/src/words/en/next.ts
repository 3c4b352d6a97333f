import type { WordsOf } from "../areas";

const words: WordsOf<"next"> = {
  when_now: "any moment now",
  when_in: "in {{time}}",
  when_at: "at {{time}}",
  when_on: "on {{day}} at {{time}}",
  in_hand: "with {{name}}",
  somebody: "somebody",
  something: "something happens {{when}}",

  in_conversation: "{{name}} is speaking with them",
  wait_escalates: "supervisors are told again {{when}}",
  partner_shown: "the partner line's number is shown {{when}}",
  abandoned: "counts as abandoned {{when}}",
  silence_warned: "without an answer the person is asked {{when}}",
  silence_ends: "without an answer it ends {{when}}",
  help_rings_again: "the supervisor is called again {{when}}",
  wrap_up_long: "if it is not closed, a supervisor is told {{when}}",
  counselor_lost: "if they do not come back, it goes to the queue {{when}}",
  rest_over: "the rest ends {{when}}",
  offer_missed: "without an answer it goes to the next counselor {{when}}",
  leg_unanswered: "if it is not picked up, the caller goes to the front of the queue {{when}}",
  leg_not_bridged: "if they are not connected, the caller goes to the front of the queue {{when}}",
  diversion_ends: "the queue stops being diverted {{when}}",

  confirm: "if nobody confirms it, the next are called {{when}}",
  acknowledge: "if nobody answers, the next are called {{when}}",
  assign: "if nobody is sent, it rings again {{when}}",
  depart: "if they have not left, it rings again {{when}}",
  arrive: "if they have not arrived, it counts as late {{when}}",
  confirm_contact: "“contact made?” is asked {{when}}",
  close: "the outcome is asked for {{when}}",

  falls_due: "the call is due {{when}}",
  overdue: "if it is not made, supervisors are told {{when}}",
  late: "if it is not done, whoever has it and the supervisors are told {{when}}",
  ask_overdue: "if the school has not done it, it is reminded {{when}}",
  review_due: "if nothing moves, it is asked about {{when}}",
  flag_expires: "the flag ends {{when}}",
  block_ends: "the limit ends {{when}}",

  voicemail_awaited: "if the recording has not come, it is fetched again {{when}}",
  voicemail_unheard: "if nobody listens, supervisors are told {{when}}",
  voicemail_overdue: "if nobody listens, supervisors are told again {{when}}",
  voicemail_deleted: "the voicemail is deleted {{when}}",
  recording_asked_after: "if the recording has not come, the carrier is asked {{when}}",
  recording_fetched_again: "the recording is fetched again {{when}}",
  recording_removed_again: "it is removed at the carrier again {{when}}",
  recording_deleted: "the recording is deleted {{when}}",

  accept_hand_over: "if nobody takes over, supervisors are told {{when}}",
  hand_over_deleted: "this hand-over is deleted {{when}}",
  swap_lapses: "if it is not settled, the offer lapses {{when}}",
  look_at_duty: "who is on duty is looked at again {{when}}",
};

export default words;
