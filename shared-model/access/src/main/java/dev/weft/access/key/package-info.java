/** Where requests have their key, and its hash. Reads headers; owns nothing; any thread. */
@NullMarked
package dev.weft.access.key;

import org.jspecify.annotations.NullMarked;
