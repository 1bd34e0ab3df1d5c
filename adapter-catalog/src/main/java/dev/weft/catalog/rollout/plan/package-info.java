/** How a rollout goes: its steps, and by what each is judged. The package keeps no state. */
@NullMarked
package dev.weft.catalog.rollout.plan;

import org.jspecify.annotations.NullMarked;
