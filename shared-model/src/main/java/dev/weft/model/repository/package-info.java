/** Names a repository of files: a checkpoint or an adapter, wherever it lies. */
@NullMarked
package dev.weft.model.repository;

import org.jspecify.annotations.NullMarked;
