import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { clearDraft, restoreDraft, useSchoolDraft } from "../../data/schoolDraft";
import { type Answers, cleaned, type Gap, gapsOf, type Step, STEPS } from "../../data/schoolForm";
import { sendReport } from "../../data/schoolReportCommands";
import { useAct } from "../../ui/act";
import { Confirm } from "../../ui/confirm";
import { Icon } from "../../ui/Icon";
import { Loading } from "../../ui/states";
import { newId } from "../../wire/ids";
import { useWords } from "../../words/words";
import { ContactStep } from "./ContactStep";
import { EventStep } from "./EventStep";
import { LevelStep } from "./LevelStep";
import { Numbers } from "./Numbers";
import classes from "./School.module.css";
import { StudentStep } from "./StudentStep";

const VIEWS = { level: LevelStep, event: EventStep, student: StudentStep, contact: ContactStep } as const;

/** Four short steps; everything is kept as it is written. */
export function ReportForm() {
  const { answers, ready } = useSchoolDraft();
  const [step, setStep] = useState<Step>("level");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => void restoreDraft(), []);
  if (!ready) return <Loading rows={4} />;
  const show = (next: Step) => {
    setStep(next);
    requestAnimationFrame(() => heading.current?.focus());
  };
  const View = VIEWS[step];
  return (
    <div className={classes["form"]} data-testid="school-form" data-step={step}>
      {answers.level_color === "red" ? <CallFirst /> : null}
      <Progress step={step} gaps={gapsOf(answers)} onShow={show} />
      <StepHeading step={step} heading={heading} />
      <View />
      <Foot step={step} answers={answers} onShow={show} />
    </div>
  );
}

/** Red: before anything else, the numbers. */
function CallFirst() {
  const t = useWords("school");
  return (
    <div className={classes["call_first"]} role="alert" data-testid="school-call-first">
      <strong>{t("red_first")}</strong>
      <Numbers />
      <p>{t("red_stay")}</p>
    </div>
  );
}

function Progress({ step, gaps, onShow }: { step: Step; gaps: readonly Gap[]; onShow: (step: Step) => void }) {
  const t = useWords("school");
  const at = STEPS.indexOf(step);
  return (
    <ol className={classes["progress"]} aria-label={t("steps_label")}>
      {STEPS.map((each, place) => (
        <li key={each}>
          <button type="button" onClick={() => onShow(each)} aria-current={each === step ? "step" : undefined} data-testid={`school-step-${each}`}>
            <span className={classes["number"]}>{place < at && !gaps.some((gap) => gap.step === each) ? <Icon name="check" size={14} /> : place + 1}</span>
            <span>{t(`step_${each}`)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function StepHeading({ step, heading }: { step: Step; heading: React.RefObject<HTMLHeadingElement | null> }) {
  const t = useWords("school");
  return (
    <header>
      <p className={classes["quiet"]}>{t("of_four", { n: STEPS.indexOf(step) + 1 })}</p>
      <h1 ref={heading} tabIndex={-1}>
        {t(`step_${step}`)}
      </h1>
      <p className={classes["help"]}>{t(`step_${step}_help`)}</p>
    </header>
  );
}

function Foot({ step, answers, onShow }: { step: Step; answers: Answers; onShow: (step: Step) => void }) {
  const t = useWords("school");
  const at = STEPS.indexOf(step);
  const before = STEPS[at - 1];
  const after = STEPS[at + 1];
  return (
    <footer className={classes["foot"]}>
      {before ? (
        <Button variant="default" onClick={() => onShow(before)} data-testid="school-previous">
          {t("previous")}
        </Button>
      ) : null}
      {after ? (
        <Button onClick={() => onShow(after)} data-testid="school-next">
          {t("next")}
        </Button>
      ) : (
        <Send answers={answers} onShow={onShow} />
      )}
      <SavedMark />
      <Discard />
    </footer>
  );
}

function SavedMark() {
  const t = useWords("school");
  const saved = useSchoolDraft((draft) => draft.saved);
  const word = { nothing: "", waiting: t("saving"), saving: t("saving"), saved: t("saved"), local: t("saved_local") }[saved];
  return (
    <span className={classes["quiet"]} role="status" data-testid="school-saved" data-saved={saved}>
      {word}
    </span>
  );
}

/** What is missing is named, with a jump to it. */
function Send({ answers, onShow }: { answers: Answers; onShow: (step: Step) => void }) {
  const t = useWords("school");
  const [, go] = useLocation();
  const { act } = useAct();
  const [asking, setAsking] = useState(false);
  const [key] = useState(newId);
  const gaps = gapsOf(answers);
  const send = () =>
    act(async () => {
      const report = await sendReport(cleaned(answers), key);
      await clearDraft();
      go(`/school-reports/${report.id}`);
    });
  return (
    <>
      <Button onClick={() => setAsking(true)} disabled={gaps.length > 0} data-testid="school-send">
        {t("send")}
      </Button>
      {gaps.length > 0 ? (
        <span data-testid="school-missing">
          {t("missing")}{" "}
          {gaps.map((gap) => (
            <button key={gap.field} type="button" className={classes["jump"]} onClick={() => onShow(gap.step)}>
              {t(`missing_${gap.field}`)}
            </button>
          ))}
        </span>
      ) : null}
      <Confirm opened={asking} title={t("send_title")} consequence={t("send_body")} confirm={t("send")} onConfirm={send} onClose={() => setAsking(false)} />
    </>
  );
}

function Discard() {
  const t = useWords("school");
  const [asking, setAsking] = useState(false);
  const started = useSchoolDraft((draft) => Object.keys(draft.answers).length > 0);
  if (!started) return null;
  return (
    <>
      <Button variant="subtle" color="gray" onClick={() => setAsking(true)} ml="auto" data-testid="school-discard">
        {t("discard")}
      </Button>
      <Confirm opened={asking} title={t("discard")} consequence={t("discard_body")} confirm={t("discard")} danger onConfirm={clearDraft} onClose={() => setAsking(false)} />
    </>
  );
}
