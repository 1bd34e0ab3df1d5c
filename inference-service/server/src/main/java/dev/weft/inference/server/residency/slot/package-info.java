/**
 * Which adapter is in which of the engine's slots, and whose turn is next: requests queue for
 * adapters, and tenants have fair shares of the turns. It knows no files and no engine; one lock
 * guards it, and it starts work through {@link dev.weft.inference.server.residency.slot.SlotWork}.
 */
@NullMarked
package dev.weft.inference.server.residency.slot;

import org.jspecify.annotations.NullMarked;
