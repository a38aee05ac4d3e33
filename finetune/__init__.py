"""Training and measuring packs."""

from finetune.corpora import CORPORA, AnnotatedPaper, GoldMention, GoldRelation
from finetune.evaluation import Evaluation, evaluate
from finetune.recipe import Recipe, load_recipe, packaged_recipes
from finetune.scoring import Score
from finetune.training import Trained, train

__all__ = [
    "AnnotatedPaper",
    "CORPORA",
    "Evaluation",
    "GoldMention",
    "GoldRelation",
    "Recipe",
    "Score",
    "Trained",
    "evaluate",
    "load_recipe",
    "packaged_recipes",
    "train",
]
