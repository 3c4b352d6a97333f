import { DndContext, type DragEndEvent, DragOverlay, type DragStartEvent, KeyboardSensor, PointerSensor, useDroppable, useSensor, useSensors } from "@dnd-kit/core";
import { useState } from "react";
import { type Lane, LANES, moveInto } from "../../data/referralBoard";
import type { Referral } from "../../data/referrals";
import { useWords } from "../../words/words";
import { laneByLane } from "./laneByLane";
import type { Asked } from "./ReferralBoard";
import { ReferralCard } from "./ReferralCard";
import classes from "./Referrals.module.css";
import type { Codes } from "./useCodes";
import { useDragWords } from "./useDragWords";

interface Props {
  lanes: Record<Lane, Referral[]>;
  codes: Codes;
  selectedId: string | undefined;
  onOpen: (referral: Referral) => void;
  onMove: (asked: Asked) => void;
}

/** The lanes, with cards that may be dragged to where a move leads; dropping asks what the move needs, it does not act. */
export function Lanes({ lanes, codes, selectedId, onOpen, onMove }: Props) {
  const t = useWords("referrals");
  const [dragged, setDragged] = useState<Referral | null>(null);
  const all = Object.values(lanes).flat();
  const find = (id: unknown) => all.find((each) => each.id === id) ?? null;
  const accessibility = useDragWords(find);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }), useSensor(KeyboardSensor, { coordinateGetter: laneByLane }));
  const drop = ({ active, over }: DragEndEvent) => {
    setDragged(null);
    const referral = find(active.id);
    const move = referral && over ? moveInto(referral, over.id as Lane) : null;
    if (referral && move) onMove({ referral, move });
  };
  return (
    <DndContext sensors={sensors} accessibility={accessibility} onDragStart={({ active }: DragStartEvent) => setDragged(find(active.id))} onDragEnd={drop} onDragCancel={() => setDragged(null)}>
      <p className={classes["hint"]}>{t("hint")}</p>
      <div className={classes["lanes"]}>
        {LANES.map((lane) => (
          <LaneColumn key={lane} lane={lane} referrals={lanes[lane]} open={dragged !== null && moveInto(dragged, lane) !== null} dragging={dragged !== null}>
            {lanes[lane].map((referral) => (
              <ReferralCard key={referral.id} referral={referral} need={codes.need} selected={referral.id === selectedId} onOpen={() => onOpen(referral)} />
            ))}
          </LaneColumn>
        ))}
      </div>
      <DragOverlay dropAnimation={null}>{dragged ? <div className={classes["overlay"]}>{dragged.person.name_masked || dragged.number}</div> : null}</DragOverlay>
    </DndContext>
  );
}

interface ColumnProps {
  lane: Lane;
  referrals: readonly Referral[];
  open: boolean;
  dragging: boolean;
  children: React.ReactNode;
}

function LaneColumn({ lane, referrals, open, dragging, children }: ColumnProps) {
  const t = useWords("referrals");
  const { setNodeRef, isOver } = useDroppable({ id: lane, disabled: !open });
  return (
    <section ref={setNodeRef} className={classes["lane"]} aria-label={t(`lane_${lane}`)} data-empty={referrals.length === 0 || undefined} data-open={open || undefined} data-shut={(dragging && !open) || undefined} data-over={isOver || undefined} data-testid={`lane-${lane}`}>
      <h2>
        {t(`lane_${lane}`)} <b className="tabular">{referrals.length}</b>
      </h2>
      {referrals.length === 0 ? <p className={classes["lane_empty"]}>{t("empty")}</p> : <ul>{children}</ul>}
    </section>
  );
}
