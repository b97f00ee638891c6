// The waterfall of an execution.

export function zoomWaterfalls(_root) {}
