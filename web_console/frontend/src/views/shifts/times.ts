import type { Language } from "../../words/words";

const locale = (language: Language) => (language === "zh" ? "zh-CN" : "en-GB");

export const hour = (at: string | Date, language: Language): string => new Date(at).toLocaleTimeString(locale(language), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const dayName = (day: Date, language: Language): string => day.toLocaleDateString(locale(language), { weekday: "short", month: "short", day: "numeric" });

/** "Sat 7 Mar 02:00". */
export const dayAndHour = (at: string, language: Language): string => `${dayName(new Date(at), language)} ${hour(at, language)}`;

export const isSameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();

/** As the server writes a day. */
export const isoDay = (day: Date): string => `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
