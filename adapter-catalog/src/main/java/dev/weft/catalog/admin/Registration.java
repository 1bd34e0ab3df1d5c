package dev.weft.catalog.admin;

import dev.weft.model.adapter.AdapterId;
import dev.weft.model.repository.RepositoryRef;

/** A registration that was read and checked. */
record Registration(AdapterId id, RepositoryRef repository) {}
