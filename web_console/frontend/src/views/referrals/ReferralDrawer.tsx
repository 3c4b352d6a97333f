import { Button, Drawer, Menu } from "@mantine/core";
import { useEffect } from "react";
import { nextAct } from "../../data/referralBoard";
import { loadReferral } from "../../data/referralCommands";
import type { Referral } from "../../data/referrals";
import { useKnown } from "../../data/store";
import { Loading } from "../../ui/states";
import type { Key } from "../../words/areas";
import { useWords } from "../../words/words";
import { NextStep } from "../../ui/NextStep";
import { DueMark } from "./DueMark";
import type { Asked } from "./ReferralBoard";
import { ConsentPart, Facts, HistoryPart, PersonPart } from "./DrawerParts";
import classes from "./Referrals.module.css";
import type { Codes } from "./useCodes";

interface Props {
  id: string | undefined;
  codes: Codes;
  onClose: () => void;
  onMove: (asked: Asked) => void;
}

/** One referral: the next act as the one filled button, the person masked, need, consent, history. */
export function ReferralDrawer({ id, codes, onClose, onMove }: Props) {
  const t = useWords("referrals");
  const referral = useKnown((known) => (id ? known.referrals[id] : undefined));
  const missing = id !== undefined && referral === undefined;
  useEffect(() => {
    if (missing) void loadReferral(id).catch(onClose);
  }, [missing, id]);
  return (
    <Drawer opened={id !== undefined} onClose={onClose} position="right" size={480} title={referral ? `${referral.person.name_masked} · ${referral.number}` : t("title")} closeButtonProps={{ "aria-label": t("close_drawer") }} data-testid="referral-drawer">
      {referral ? (
        <div className={classes["drawer"]} data-testid="referral-open" data-stage={referral.stage}>
          <p className={classes["stands"]}>
            <b>{t(`stage_${referral.stage}`)}</b>
            <DueMark referral={referral} long />
          </p>
          <p className={classes["quiet"]}>
            <NextStep next={referral.next} />
          </p>
          {referral.closing_proposed ? <p>{t("closing_proposed")}</p> : null}
          {referral.duplicate_of ? <p>{t("duplicate")}</p> : null}
          <Acts referral={referral} onMove={(move) => onMove({ referral, move })} />
          <PersonPart key={`${referral.id} ${referral.stage}`} referral={referral} />
          <Facts referral={referral} codes={codes} />
          <ConsentPart referral={referral} codes={codes} />
          <HistoryPart referral={referral} />
        </div>
      ) : (
        <Loading rows={5} />
      )}
    </Drawer>
  );
}

function Acts({ referral, onMove }: { referral: Referral; onMove: (move: Referral["next_moves"][number]) => void }) {
  const t = useWords("referrals");
  const next = nextAct(referral);
  const others = referral.next_moves.filter((move) => move !== next);
  const word = (move: string) => t(`move_${move}` as Key<"referrals">);
  if (referral.next_moves.length === 0) {
    return <p className={classes["quiet"]}>{referral.owner ? t("waits_for", { who: t(`owner_${referral.owner}`) }) : t("nothing_to_do")}</p>;
  }
  return (
    <div className={classes["acts"]}>
      {next ? (
        <Button onClick={() => onMove(next)} data-testid={`referral-move-${next.move}`}>
          {word(next.move)}
        </Button>
      ) : null}
      {others.length > 0 ? (
        <Menu position="bottom-start" withinPortal>
          <Menu.Target>
            <Button variant="default" data-testid="referral-menu">
              {t("other_acts")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((move) => (
              <Menu.Item key={move.move} onClick={() => onMove(move)} data-testid={`referral-menu-${move.move}`}>
                {word(move.move)}…
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </div>
  );
}
