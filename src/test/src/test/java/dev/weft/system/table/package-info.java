/**
 * The table at the end of {@code ./weft test}: reads what Surefire has reported of each module, and
 * tells what ran, what failed, and what was left out and why. It runs from its source and uses
 * nothing but the JDK.
 */
@NullMarked
package dev.weft.system.table;

import org.jspecify.annotations.NullMarked;
