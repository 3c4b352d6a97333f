import { useDraggable } from "@dnd-kit/core";
import { nextAct } from "../../data/referralBoard";
import type { Referral } from "../../data/referrals";
import { useWords } from "../../words/words";
import { DueMark } from "./DueMark";
import classes from "./Referrals.module.css";

interface Props {
  referral: Referral;
  need: (code: string) => string;
  selected: boolean;
  onOpen: () => void;
}

export function ReferralCard({ referral, need, selected, onOpen }: Props) {
  const t = useWords("referrals");
  const movable = referral.next_moves.length > 0;
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({ id: referral.id, disabled: !movable });
  return (
    <li ref={setNodeRef} className={classes["card"]} data-selected={selected || undefined} data-dragging={isDragging || undefined} data-testid="referral-card" data-referral={referral.id} data-stage={referral.stage}>
      <div className={classes["card_top"]}>
        <button type="button" className={classes["open"]} onClick={onOpen} aria-pressed={selected}>
          <b>{referral.person.name_masked || referral.number.slice(-6)}</b>
        </button>
        <span className={classes["quiet"]}>{referral.number.slice(-6)}</span>
        {movable ? (
          <button type="button" className={classes["handle"]} {...attributes} {...listeners} role="button" aria-label={t("drag_handle", { number: referral.number })} data-testid="referral-handle">
            <Grip />
          </button>
        ) : null}
      </div>
      <span className={classes["stage"]}>{t(`stage_${referral.stage}`)}</span>
      <span className={classes["needs"]}>{referral.needs.map(need).join(" · ")}</span>
      {referral.institution ? <span className={classes["quiet"]}>{referral.institution.name}</span> : null}
      <DueMark referral={referral} />
      {nextAct(referral) ? <span className={classes["turn"]}>{t("my_turn")}</span> : null}
    </li>
  );
}

function Grip() {
  return (
    <svg width="12" height="16" viewBox="0 0 12 16" fill="currentColor" aria-hidden="true">
      {[3, 8, 13].flatMap((y) => [3, 9].map((x) => <circle key={`${x} ${y}`} cx={x} cy={y} r="1.5" />))}
    </svg>
  );
}
