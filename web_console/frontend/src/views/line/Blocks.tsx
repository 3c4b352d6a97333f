import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Block, blockNumber, fetchBlocks, liftBlock, type TelephoneLine } from "../../data/telephoneLine";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { Failed } from "../../ui/states";
import { newId } from "../../wire/ids";
import { useLanguage, useWords } from "../../words/words";
import { dateTime } from "../contacts/naming";
import classes from "./Line.module.css";

/** Numbers that are not put through, why, by whom and until when. */
export function Blocks({ line }: { line: TelephoneLine }) {
  const t = useWords("line");
  const [making, setMaking] = useState(false);
  const { data, error, refetch } = useQuery({ queryKey: ["line", "blocks"], queryFn: fetchBlocks });
  const changed = () => void refetch();
  return (
    <section className={classes["panel"]} aria-labelledby="line-blocks" data-testid="line-blocks">
      <h2 id="line-blocks">{t("blocks")}</h2>
      <p className={classes["dim"]}>{t("blocks_help")}</p>
      <p className={classes["dim"]}>{t("limits", { count: line.calls_per_hour })}</p>
      <p className={classes["dim"]}>{line.has_fallback_number ? t("fallback_set") : t("fallback_missing")}</p>
      {error ? <Failed error={error} retry={changed} /> : null}
      {data && data.items.length === 0 ? <p className={classes["dim"]}>{t("blocks_none")}</p> : null}
      {data?.items.map((block) => (
        <Row key={block.id} block={block} onChanged={changed} />
      ))}
      <Button variant="default" w="fit-content" onClick={() => setMaking(true)} data-testid="block-new">
        {t("block")}
      </Button>
      <NewBlock opened={making} onClose={() => setMaking(false)} onMade={changed} />
    </section>
  );
}

function Row({ block, onChanged }: { block: Block; onChanged: () => void }) {
  const t = useWords("line");
  const language = useLanguage();
  const { act, busy } = useAct();
  const lift = () =>
    void act(async () => {
      await liftBlock(block.id);
      onChanged();
    });
  const facts = t("block_facts", { name: block.made_by?.name ?? "", time: dateTime(block.until, language), count: block.calls });
  return (
    <div className={classes["row"]} data-testid="block">
      <span className={block.ended_at ? classes["ended"] : ""}>
        <strong>{block.number_masked}</strong> · {block.reason}
        <br />
        <span className={classes["dim"]}>{block.ended_at ? `${facts} · ${t("block_ended", { time: dateTime(block.ended_at, language) })}` : facts}</span>
      </span>
      {block.ended_at ? null : (
        <Button size="compact-sm" variant="default" loading={busy} onClick={lift} aria-label={`${t("lift")}: ${block.number_masked ?? ""}`}>
          {t("lift")}
        </Button>
      )}
    </div>
  );
}

function NewBlock({ opened, onClose, onMade }: { opened: boolean; onClose: () => void; onMade: () => void }) {
  const t = useWords("line");
  const { act } = useAct();
  const [number, setNumber] = useState("");
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const [key, setKey] = useState(newId);
  const make = () =>
    act(async () => {
      await blockNumber(number.trim(), reason.trim(), new Date(`${until}T23:59:59`).toISOString(), key);
      setNumber("");
      setReason("");
      setUntil("");
      setKey(newId());
      onMade();
    });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("block")} confirm={t("block")} disabled={number.trim() === "" || reason.trim() === "" || until === ""} onConfirm={make}>
      <TextInput type="tel" label={t("block_number")} value={number} onChange={(event) => setNumber(event.currentTarget.value)} maxLength={40} required data-testid="block-number" />
      <TextInput label={t("block_reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={500} required data-testid="block-reason" />
      <TextInput type="date" label={t("block_until")} value={until} onChange={(event) => setUntil(event.currentTarget.value)} required data-testid="block-until" />
    </Dialog>
  );
}
