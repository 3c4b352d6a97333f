import { Button, NumberInput, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { askSchool, fetchSchoolCodes } from "../../data/schoolReportCommands";
import type { SchoolReport } from "../../data/schoolReports";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { usePick, useWords } from "../../words/words";

/** Whoever handles the report asks the school to do something, by a time. */
export function AskSchool({ report }: { report: SchoolReport }) {
  const t = useWords("school");
  const pick = usePick();
  const { act } = useAct();
  const [asking, setAsking] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const [hours, setHours] = useState<number | null>(null);
  const { data } = useQuery({ queryKey: ["school-codes"], queryFn: fetchSchoolCodes, enabled: asking });
  return (
    <div>
      <Button variant="default" onClick={() => setAsking(true)} data-testid="school-ask">
        {t("ask")}
      </Button>
      <Dialog opened={asking} onClose={() => setAsking(false)} title={t("ask_title")} consequence={t("ask_body")} confirm={t("ask_do")} disabled={code === null} onConfirm={() => act(() => askSchool(report, code!, hours))}>
        <Select label={t("ask_what")} value={code} onChange={setCode} data={(data?.asks ?? []).map((each) => ({ value: each.code, label: pick(each) }))} required data-testid="school-ask-code" />
        <NumberInput label={t("ask_within")} value={hours ?? ""} onChange={(value) => setHours(value === "" ? null : Number(value))} min={1} max={2160} allowDecimal={false} />
      </Dialog>
    </div>
  );
}
