/**
 * The table at the end of {@code ./weft test}. It reads Surefire's reports of each module, and
 * shows what ran, what failed, and what was left out and why. It runs from its source and uses only
 * the JDK.
 */
@NullMarked
package dev.weft.system.table;

import org.jspecify.annotations.NullMarked;
