import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Figure } from "../../data/triage";
import { findings, show } from "../../testingRender";
import { FigureTable } from "./FigureTable";

const share = (hits: number, of: number) => ({ hits, of, share: of === 0 ? null : hits / of });
const figures: Figure[] = [
  { name: "alarm.zh.chat", series: [share(1, 500), share(12, 400)], before: share(1, 500), z: 3.4, moved: "up" },
  { name: "alarm.en.sms", series: [share(0, 0), share(0, 4)], before: share(0, 0), z: null, moved: null },
];

describe("a table of figures", () => {
  it("marks in words what moved, and says where there is too little to judge", async () => {
    const { container } = show(<FigureTable title="Alarms" figures={figures} name={(one) => one.name} perMille />);
    const [moved, few] = screen.getAllByTestId("triage-figure");
    expect(moved!.textContent).toContain("30 ‰ 12/400");
    expect(moved!.textContent).toContain("up z +3.4");
    expect(few!.textContent).toContain("–");
    expect(few!.textContent).toContain("too few to judge");
    expect(await findings(container)).toEqual([]);
  });
});
