/** At how many counselors a contact rings at once, and in which queues from the first moment. */
import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";

export type RingRules = Schemas["RingRulesView"];
export type RingQueue = Schemas["RingQueueView"];
export type Ruling = Schemas["Ruling"];

export const fetchRingRules = () => http.get<RingRules>("/api/ring-rules");
export const saveRingRules = (ruling: Ruling) => http.put<RingRules>("/api/ring-rules", ruling);

export const sameQueue = (one: RingQueue, other: RingQueue): boolean => one.channel === other.channel && one.language === other.language && one.skill === other.skill;

export const withQueue = (queues: readonly RingQueue[], added: RingQueue): RingQueue[] => (queues.some((each) => sameQueue(each, added)) ? [...queues] : [...queues, added]);
export const withoutQueue = (queues: readonly RingQueue[], gone: RingQueue): RingQueue[] => queues.filter((each) => !sameQueue(each, gone));
