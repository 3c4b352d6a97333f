import { Button, Group, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { daysFrom, type DutyRole, dutyOf, fetchPlan, type Occurrence, ROLES, startOfWeek } from "../../data/duty";
import { may, useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { Icon } from "../../ui/Icon";
import { Failed, Loading } from "../../ui/states";
import { useLanguage, useWords } from "../../words/words";
import { ChangeDay } from "./ChangeDay";
import { DutyNotices, DutyNow } from "./DutyNow";
import { DutyPhones } from "./DutyPhones";
import { ExtraDuty } from "./ExtraDuty";
import { Handovers } from "./Handovers";
import { OfferShift } from "./OfferShift";
import { ShiftDialog } from "./ShiftDialog";
import classes from "./Shifts.module.css";
import { Swaps } from "./Swaps";
import { dayName } from "./times";
import { Week } from "./Week";

type Which = DutyRole | "all" | "mine";

/** The plan of duty: who is on now, the week, what differs; supervisors change it, everybody reads it. */
export default function ShiftsPage() {
  const t = useWords("shifts");
  const user = useUser();
  const plans = may(user, "shift.plan");
  const [week, setWeek] = useState(() => startOfWeek(new Date()));
  const [which, setWhich] = useState<Which>("all");
  const [dialog, setDialog] = useState<"new" | "extra" | null>(null);
  const [chosen, setChosen] = useState<Occurrence | null>(null);
  const [offered, setOffered] = useState<Occurrence | null>(null);
  const duty = dutyOf(useKnown((known) => known.duties));
  // A change of the plan changes `duty`: everybody's calendar is then fetched again.
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["shifts", week.toISOString(), duty?.version ?? 0], queryFn: () => fetchPlan(week, 7), placeholderData: (before) => before });
  const seen = (role: DutyRole, people: readonly { id: string }[]) => which === "all" || which === role || (which === "mine" && people.some((person) => person.id === user.id));
  const occurrences = useMemo(() => (data?.occurrences ?? []).filter((one) => seen(one.role, one.people)), [data, which, user.id]);
  const gaps = useMemo(() => (duty?.gaps ?? []).filter((gap) => seen(gap.role, [])), [duty, which, user.id]);
  const changed = () => void refetch();
  return (
    <div className={classes["page"]} data-testid="shifts-page">
      <header>
        <h1>{t("title")}</h1>
        {plans ? (
          <Group gap="xs">
            <Button variant="default" onClick={() => setDialog("extra")} data-testid="shift-extra">
              {t("new_extra")}
            </Button>
            <Button onClick={() => setDialog("new")} leftSection={<Icon name="plus" size={16} />} data-testid="shift-new">
              {t("new")}
            </Button>
          </Group>
        ) : null}
      </header>
      <section aria-label={t("now")} className={classes["panel"]}>
        <h2>{t("now")}</h2>
        <DutyNow />
        {plans ? <DutyNotices /> : null}
      </section>
      <Handovers />
      <Swaps />
      <WeekBar week={week} onWeek={setWeek} which={which} onWhich={setWhich} />
      {isPending ? <Loading rows={5} /> : null}
      {error ? <Failed error={error} retry={changed} /> : null}
      {data ? <Week start={week} occurrences={occurrences} gaps={gaps} onChoose={plans ? setChosen : undefined} onOffer={setOffered} /> : null}
      {plans ? <DutyPhones /> : null}
      <OfferShift occurrence={offered} onClose={() => setOffered(null)} />
      {plans ? (
        <>
          <ShiftDialog opened={dialog === "new"} shift={null} onClose={() => setDialog(null)} onDone={changed} />
          <ExtraDuty opened={dialog === "extra"} onClose={() => setDialog(null)} onDone={changed} />
          <ChangeDay occurrence={chosen} plan={data} onClose={() => setChosen(null)} onDone={changed} />
        </>
      ) : null}
    </div>
  );
}

function WeekBar({ week, onWeek, which, onWhich }: { week: Date; onWeek: (week: Date) => void; which: Which; onWhich: (which: Which) => void }) {
  const t = useWords("shifts");
  const language = useLanguage();
  const by = (days: number) => () => onWeek(new Date(week.getFullYear(), week.getMonth(), week.getDate() + days));
  const choices = [{ value: "all", label: t("all_roles") }, { value: "mine", label: t("only_mine") }, ...ROLES.map((role) => ({ value: role, label: t(`role_${role}`) }))];
  return (
    <div className={classes["bar"]}>
      <Group gap="xs">
        <Button variant="default" size="compact-sm" onClick={by(-7)} data-testid="week-before">
          {t("week_before")}
        </Button>
        <Button variant="default" size="compact-sm" onClick={() => onWeek(startOfWeek(new Date()))}>
          {t("this_week")}
        </Button>
        <Button variant="default" size="compact-sm" onClick={by(7)} data-testid="week-after">
          {t("week_after")}
        </Button>
        <h2>{t("week", { from: dayName(week, language), to: dayName(daysFrom(week, 7)[6]!, language) })}</h2>
      </Group>
      <SegmentedControl size="xs" data={choices} value={which} onChange={(value) => onWhich(value as Which)} aria-label={t("which")} />
    </div>
  );
}
