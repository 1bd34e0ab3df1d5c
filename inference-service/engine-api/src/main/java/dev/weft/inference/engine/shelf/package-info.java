/**
 * The adapters that an engine holds: in slots, where requests may name them, and in host memory
 * after they left their slot. An engine says what it keeps of an adapter; who stays and who goes is
 * decided here, the same for every engine. Owns what the shelf holds until it is closed. Any
 * thread; a virtual thread frees what is given up.
 */
@NullMarked
package dev.weft.inference.engine.shelf;

import org.jspecify.annotations.NullMarked;
