/**
 * Brings the files of one repository into a folder, wherever they come from. A place provides a
 * {@link dev.weft.source.download.FileOrigin}. This package continues a download where it stopped,
 * checks sizes and hashes, and records complete files beside them. It owns the target folder while
 * the fetch runs; one thread.
 */
@NullMarked
package dev.weft.source.download;

import org.jspecify.annotations.NullMarked;
