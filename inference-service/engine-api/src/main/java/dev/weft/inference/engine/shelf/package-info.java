/**
 * The adapters that an engine holds: in slots, where requests may name them, and in host memory
 * after they left their slot. An engine says what it keeps of an adapter; this package decides
 * which adapters stay, the same for every engine. The shelf owns its adapters until it is closed.
 * Any thread; a virtual thread frees adapters that are given up.
 */
@NullMarked
package dev.weft.inference.engine.shelf;

import org.jspecify.annotations.NullMarked;
