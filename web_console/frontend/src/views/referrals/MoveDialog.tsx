import { useState } from "react";
import { moveReferral } from "../../data/referralCommands";
import { DETAILS, type Facts, fieldsOf, filled, missingOf, namesReceiver } from "../../data/referralForms";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import type { Key } from "../../words/areas";
import { useWords } from "../../words/words";
import { ApplicationDialog } from "./ApplicationDialog";
import { Details, MoveField } from "./MoveFields";
import type { Asked } from "./ReferralBoard";
import type { Codes } from "./useCodes";

interface Props {
  asked: Asked;
  codes: Codes;
  onClose: () => void;
}

const DANGEROUS: ReadonlySet<string> = new Set(["withdraw", "revoke_consent", "refuse"]);

/** One move: what it does, and what it needs. The referral is the one that is known now: somebody may have been faster. */
export function MoveDialog({ asked, codes, onClose }: Props) {
  const t = useWords("referrals");
  const { act } = useAct();
  const referral = useKnown((known) => known.referrals[asked.referral.id]) ?? asked.referral;
  const { move } = asked;
  const [facts, setFacts] = useState<Facts>({});
  if (move.needs.includes("application")) return <ApplicationDialog opened referral={referral} codes={codes} onClose={onClose} onFiled={onClose} />;
  const institution = codes.institutions.find((each) => each.id === facts["institution_id"]);
  const named = namesReceiver(referral, facts["institution_id"], institution?.name);
  const missing = missingOf(referral, move, facts).filter((field) => !(field === "receiver_consent" && named));
  const set = (change: Facts) => setFacts((held) => ({ ...held, ...change }));
  return (
    <Dialog
      opened
      onClose={onClose}
      title={`${t(`move_${move.move}` as Key<"referrals">)} · ${referral.person.name_masked}`}
      consequence={t(`does_${move.move}` as Key<"referrals">)}
      confirm={t(`move_${move.move}` as Key<"referrals">)}
      disabled={missing.length > 0}
      danger={DANGEROUS.has(move.move)}
      onConfirm={() => act(() => moveReferral(referral, move.move, filled(facts)))}
      testId="referral-move-dialog"
    >
      {fieldsOf(move)
        .filter((field) => field !== "receiver_consent" || (institution !== undefined && !named))
        .map((field) => (
          <MoveField key={field} field={field} referral={referral} codes={codes} facts={facts} needed={move.needs.includes(field)} set={set} />
        ))}
      <Details fields={DETAILS[move.move] ?? []} facts={facts} set={set} />
    </Dialog>
  );
}
