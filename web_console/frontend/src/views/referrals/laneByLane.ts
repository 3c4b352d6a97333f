import type { KeyboardCoordinateGetter } from "@dnd-kit/core";

/** From a lane's corner, far enough in to be over it and over no other. */
const INSIDE = { x: 12, y: 40 };

/** Arrow keys go from lane to lane, over those that can take the card only. */
export const laneByLane: KeyboardCoordinateGetter = (event, { context: { collisionRect, droppableContainers, droppableRects } }) => {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.code];
  if (step === undefined || !collisionRect) return undefined;
  event.preventDefault();
  const lefts = droppableContainers
    .getEnabled()
    .flatMap((container) => droppableRects.get(container.id) ?? [])
    .sort((a, b) => a.left - b.left);
  const here = collisionRect.left;
  const next = step > 0 ? lefts.find((rect) => rect.left > here) : lefts.findLast((rect) => rect.right < here + INSIDE.x);
  return next ? { x: next.left + INSIDE.x, y: next.top + INSIDE.y } : undefined;
};
