import { http, uploaded } from "../wire/http";
import type { Schemas } from "../wire/schema";

/** The line as its operator sets it. */
export type TelephoneLine = Schemas["LineView"];
export type Notice = Schemas["NoticeView"];
export type Block = Schemas["BlockView"];
export type Span = [string, string];
export type Hours = Record<string, Span[]>;

export const NOTICE_CODES = ["greeting", "closed", "voicemail"] as const;
export const NOTICE_LANGUAGES = ["zh", "en"] as const;
export const WEEKDAYS = ["0", "1", "2", "3", "4", "5", "6"] as const;

export interface HoursWish {
  version: number;
  always: boolean;
  time_zone: string;
  weekly: Hours;
  exceptions: Hours;
}

export const fetchLine = (): Promise<TelephoneLine> => http.get("/api/line");
export const saveHours = (wish: HoursWish): Promise<TelephoneLine> => http.put("/api/line/hours", wish);
export const fetchBlocks = (): Promise<{ items: Block[] }> => http.get("/api/line/blocks");
export const blockNumber = (number: string, reason: string, until: string, key: string): Promise<Block> => http.post("/api/line/blocks", { number, reason, until }, { idempotencyKey: key });
export const liftBlock = (id: string): Promise<Block> => http.post(`/api/line/blocks/${id}/lift`);
export const uploadNotice = (code: string, language: string, file: Blob): Promise<Notice> => uploaded<Notice>(`/api/line/notices/${code}/${language}`, file);
export const removeNotice = (code: string, language: string): Promise<void> => http.delete(`/api/line/notices/${code}/${language}`);

/** Hours as they may be sent: every span has two different times. */
export const areWhole = (hours: Hours): boolean => Object.values(hours).every((spans) => spans.every(([from, until]) => from !== "" && until !== "" && from !== until));

export const withSpan = (hours: Hours, day: string, at: number, span: Span): Hours => ({ ...hours, [day]: (hours[day] ?? []).map((each, index) => (index === at ? span : each)) });
export const withNewSpan = (hours: Hours, day: string): Hours => ({ ...hours, [day]: [...(hours[day] ?? []), ["08:00", "22:00"]] });
export const withoutSpan = (hours: Hours, day: string, at: number): Hours => ({ ...hours, [day]: (hours[day] ?? []).filter((_, index) => index !== at) });
