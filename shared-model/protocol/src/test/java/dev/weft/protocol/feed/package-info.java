/** Tests of the change feed's codec, view and follower. */
@NullMarked
package dev.weft.protocol.feed;

import org.jspecify.annotations.NullMarked;
