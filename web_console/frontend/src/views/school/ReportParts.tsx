import type { SchoolReport } from "../../data/schoolReports";
import type { Key } from "../../words/areas";
import { callLink } from "../../data/places";
import { useLanguage, usePick, useWords } from "../../words/words";
import { dayOfYear } from "../contacts/naming";
import { useClockTime } from "../dispatch/Timeline";
import classes from "./School.module.css";

type K = Key<"school">;

export function History({ report }: { report: SchoolReport }) {
  const t = useWords("school");
  const at = useClockTime();
  const word = useStepWord(report);
  return (
    <section className={classes["card"]} aria-label={t("history")}>
      <h2>{t("history")}</h2>
      <ol className={classes["history"]} data-testid="school-history">
        {[...report.steps].reverse().map((step, place) => (
          <li key={report.steps.length - place}>
            <time className="tabular" dateTime={step.at}>
              {at(step.at)}
            </time>
            <div>
              {word(step.kind)} <span className={classes["quiet"]}>{step.actor?.name ?? t("by_system")}</span>
              {step.note ? <p>{step.note}</p> : null}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** A step's kind is a word, or `word:code` (asked:call_back, done:…, worsened:red, alert:en_route). */
function useStepWord(report: SchoolReport): (kind: string) => string {
  const t = useWords("school");
  const alerts = useWords("dispatch");
  const pick = usePick();
  return (kind) => {
    const [word = "", code = ""] = kind.split(":");
    const asked = report.asked_of_school.find((each) => each.code === code);
    if (word === "asked" || word === "done") return t(`step_${word}`, { what: asked ? pick(asked) : code });
    if (word === "worsened") return t("step_worsened", { what: t(`color_${code}` as K) });
    if (word === "alert") return t("step_alert", { what: alerts(`state_${code}` as Key<"dispatch">) });
    const key = `step_${word}` as K;
    return t(key) === key ? t("step_other") : t(key);
  };
}

/** The codes of lists, by the field they stand in: the prefix of their words. */
const CODED: Record<string, string> = {
  event_types: "event",
  how_found: "found",
  special_groups: "group",
  requested_help: "help",
  reporter_role: "role",
  student_sex: "sex",
};
const IN_ORDER = ["event_types", "what_happened", "act_in_progress", "place", "means", "present_place", "with_whom", "present_state", "student", "student_class", "student_age", "student_sex", "boarder", "special_groups", "how_found", "found_at", "known_treatment", "triggers", "protective_factors", "guardian_told", "guardian_who", "guardian_reaction", "guardian_refused", "taken_home", "actions", "called_110", "called_120", "requested_help", "affected_others", "reporter_name", "reporter_role", "reporter_phone"];

/** What the form asks of the school is called otherwise where it is read. */
const LABELS: Record<string, string> = { event_types: "fact_event_types", reporter_phone: "fact_reporter_phone" };

function PhoneLink({ number }: { number: string }) {
  const link = callLink(number);
  return link ? <a href={link}>{number}</a> : <>{number}</>;
}

/** The report as it was sent. */
export function FactsOfReport({ report }: { report: SchoolReport }) {
  const t = useWords("school");
  const at = useClockTime();
  const language = useLanguage();
  const shown = (name: string, value: unknown): string => {
    const prefix = CODED[name];
    const word = (code: unknown) => (prefix ? t(`${prefix}_${String(code)}` as K) : String(code));
    if (Array.isArray(value)) return value.map(word).join(" · ");
    if (typeof value === "boolean") return value ? t("yes") : t("no");
    return name === "found_at" ? at(String(value)) : word(value);
  };
  return (
    <section className={classes["card"]} aria-label={t("facts")}>
      <h2>{t("facts")}</h2>
      {report.content_erased_at ? <p>{t("content_erased", { day: dayOfYear(report.content_erased_at, language) })}</p> : null}
      <dl className={classes["answers"]} data-testid="school-facts">
        {IN_ORDER.filter((name) => isThere(report.facts[name])).map((name) => (
          <div key={name}>
            <dt>{t((LABELS[name] ?? name) as K)}</dt>
            <dd>{name === "reporter_phone" ? <PhoneLink number={String(report.facts[name])} /> : shown(name, report.facts[name])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null && value !== "" && value !== false && !(Array.isArray(value) && value.length === 0);
