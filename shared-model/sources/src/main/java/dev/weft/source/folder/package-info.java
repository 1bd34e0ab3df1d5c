/**
 * Repositories that are folders of this machine: nothing is copied, the folder itself is the
 * result.
 */
@NullMarked
package dev.weft.source.folder;

import org.jspecify.annotations.NullMarked;
