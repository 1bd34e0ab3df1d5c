/**
 * A repository in one .tar.gz. It is downloaded and unpacked within bounds, and only wanted files
 * with safe names leave it. One thread.
 */
@NullMarked
package dev.weft.source.archive;

import org.jspecify.annotations.NullMarked;
