import { describe, expect, it } from "vitest";

const files = import.meta.glob<{ default: Record<string, string> }>("./{zh-CN,en}/*.ts", { eager: true });
const areas = [...new Set(Object.keys(files).map((path) => path.split("/").at(-1)!))];
const words = (locale: string, area: string) => files[`./${locale}/${area}`]?.default ?? {};
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe.each(areas)("the words of %s", (area) => {
  const zh = words("zh-CN", area);
  const en = words("en", area);

  it("are there in both languages", () => {
    expect(Object.keys(zh).length).toBeGreaterThan(0);
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  });

  it("have the same holes to fill", () => {
    const differing = Object.keys(zh).filter((key) => holes(zh[key]!).join() !== holes(en[key]!).join());
    expect(differing).toEqual([]);
  });

  it("are in their own language", () => {
    const chinese = /[\u4e00-\u9fff]/;
    // The language switch is written in the language it leads to.
    const english = Object.entries(en).filter(([key, text]) => chinese.test(text) && !key.startsWith("language_switch"));
    expect(english).toEqual([]);
  });

  it("say nothing that hurts", () => {
    const hurting = /commit(ted|s|ting)? suicide|\bcrazy\b|疯|attention[- ]seek/i;
    // A diagnosis is a hospital's: the referral copies it from the record, nobody here makes one.
    const ours = area === "referrals.ts" ? hurting : new RegExp(`${hurting.source}|diagnos(is|ed)|诊断`, "i");
    const said = [...Object.entries(zh), ...Object.entries(en)];
    expect(said.filter(([, text]) => ours.test(text))).toEqual([]);
  });
});
