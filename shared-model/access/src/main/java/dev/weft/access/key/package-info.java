/** Where requests have their key. Reads headers; owns nothing; any thread. */
@NullMarked
package dev.weft.access.key;

import org.jspecify.annotations.NullMarked;
