/** How deployment files spell sizes, durations and addresses. Immutable values; any thread. */
@NullMarked
package dev.weft.settings.text;

import org.jspecify.annotations.NullMarked;
