import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import { type AlertMove, moveAlert } from "../../data/alertCommands";
import { type Alert, isOpen } from "../../data/alerts";
import { allows, nextFieldMove } from "../../data/dispatch";
import { may, useUser } from "../../data/session";
import { useAct } from "../../ui/act";
import { Icon } from "../../ui/Icon";
import { useWords } from "../../words/words";
import classes from "./AlertActions.module.css";
import { AssignDialog } from "./AssignDialog";
import { CloseDialog, HandedOverDialog, PoliceDialog, ReasonDialog, UpdateDialog } from "./dialogs";

type Asking = "assign" | "police" | "update" | "handed_over" | "close" | "cancel" | "decline" | "dismiss";

/** The next act as the one filled button, the other likely ones beside it, the rest in a menu. */
export function AlertActions({ alert }: { alert: Alert }) {
  const [asking, setAsking] = useState<Asking | null>(null);
  if (!isOpen(alert)) return null;
  return (
    <div className={classes["actions"]}>
      <NextAct alert={alert} ask={setAsking} />
      <OtherActs alert={alert} ask={setAsking} />
      <Dialogs alert={alert} asking={asking} onClose={() => setAsking(null)} />
    </div>
  );
}

function NextAct({ alert, ask }: { alert: Alert; ask: (what: Asking) => void }) {
  const t = useWords("dispatch");
  const { act, busy } = useAct();
  const at_once = (move: AlertMove, word: string) => (
    <Button loading={busy} onClick={() => void act(() => moveAlert(alert, move))} data-testid={`alert-move-${move}`}>
      {word}
    </Button>
  );
  if (alert.state === "proposed") return at_once("confirm", t("confirm"));
  if (alert.state === "raised") return at_once("acknowledge", t("acknowledge_key"));
  if (alert.state === "acknowledged") return <AssignButtons alert={alert} ask={ask} />;
  const next = nextFieldMove(alert);
  if (next === "en_route" || next === "on_scene") return at_once(next, t(next));
  if (next === null) return null;
  return (
    <Button onClick={() => ask(next)} data-testid={`alert-move-${next}`}>
      {next === "close" ? t("close") : t("handed_over")}
    </Button>
  );
}

/** Where the police were asked for, handing over to them is the next act. */
function AssignButtons({ alert, ask }: { alert: Alert; ask: (what: Asking) => void }) {
  const t = useWords("dispatch");
  const police = alert.target === "police";
  const style = (first: boolean) => (first ? {} : { variant: "default" as const });
  return (
    <>
      <Button {...style(!police)} onClick={() => ask("assign")} style={{ order: police ? 1 : 0 }} data-testid="alert-move-assign">
        {t("assign")}
      </Button>
      <Button {...style(police)} onClick={() => ask("police")} data-testid="alert-move-hand_over_to_police">
        {t("to_police")}
      </Button>
    </>
  );
}

function OtherActs({ alert, ask }: { alert: Alert; ask: (what: Asking) => void }) {
  const t = useWords("dispatch");
  const words = useWords("ui");
  const user = useUser();
  const { act } = useAct();
  const sent = alert.state !== "acknowledged";
  const item = (shown: boolean, key: string, word: string, onClick: () => void) =>
    shown ? (
      <Menu.Item key={key} onClick={onClick} data-testid={`alert-menu-${key}`}>
        {word}
      </Menu.Item>
    ) : null;
  return (
    <>
      {allows(alert, "update") ? (
        <Button variant="default" onClick={() => ask("update")} style={{ order: 2 }} data-testid="alert-move-update">
          {t("update")}
        </Button>
      ) : null}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" px={10} aria-label={words("more")} style={{ order: 3 }} data-testid="alert-menu">
            <Icon name="dots" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {item(sent && allows(alert, "assign"), "assign", alert.assigned_to ? t("reassign") : t("assign"), () => ask("assign"))}
          {item(sent && allows(alert, "hand_over_to_police"), "police", t("to_police"), () => ask("police"))}
          {item(allows(alert, "confirm_contact"), "confirm_contact", t("confirm_contact"), () => void act(() => moveAlert(alert, "confirm_contact")))}
          {item(allows(alert, "decline"), "decline", t("decline"), () => ask("decline"))}
          {item(allows(alert, "dismiss") && may(user, "alert.raise"), "dismiss", t("dismiss"), () => ask("dismiss"))}
          {item(alert.state !== "handed_over" && allows(alert, "close"), "close", t("close"), () => ask("close"))}
          {item(allows(alert, "cancel"), "cancel", t("cancel"), () => ask("cancel"))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function Dialogs({ alert, asking, onClose }: { alert: Alert; asking: Asking | null; onClose: () => void }) {
  const t = useWords("dispatch");
  const shared = { alert, onClose };
  const reason = (move: "cancel" | "decline" | "dismiss", label: string, danger: boolean) => (
    <ReasonDialog {...shared} opened={asking === move} move={move} title={t(`${move}_title`)} consequence={t(`${move}_body`)} label={label} danger={danger} />
  );
  return (
    <>
      <AssignDialog {...shared} opened={asking === "assign"} />
      <PoliceDialog {...shared} opened={asking === "police"} />
      <UpdateDialog {...shared} opened={asking === "update"} />
      <HandedOverDialog {...shared} opened={asking === "handed_over"} />
      <CloseDialog {...shared} opened={asking === "close"} />
      {reason("cancel", t("cancel_reason"), true)}
      {reason("decline", t("decline_reason"), false)}
      {reason("dismiss", t("cancel_reason"), false)}
    </>
  );
}
