/**
 * Brings the files of one repository into a folder, wherever they come from: a place gives a {@link
 * dev.weft.source.download.FileOrigin}, and this goes on where a download stopped, checks sizes and
 * hashes, and writes down what is complete beside the files. It owns the target folder while the
 * fetch runs; one thread.
 */
@NullMarked
package dev.weft.source.download;

import org.jspecify.annotations.NullMarked;
